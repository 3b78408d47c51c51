/**
 * What a consumer under measurement is told, and what it says: for a process of its own, whatever it consumes with. Nothing but the JDK,
 * so that consumers with libraries of other versions can be measured beside Sluice's.
 */
@NullMarked
package io.sluice.standalone.bench.subject;

import org.jspecify.annotations.NullMarked;
