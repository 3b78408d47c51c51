@NullMarked
package io.sluice.topics;

import org.jspecify.annotations.NullMarked;
