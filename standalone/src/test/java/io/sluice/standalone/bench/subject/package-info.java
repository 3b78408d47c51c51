/** Tests of what a consumer under measurement is told and says. */
@NullMarked
package io.sluice.standalone.bench.subject;

import org.jspecify.annotations.NullMarked;
