@NullMarked
package io.sluice.management;

import org.jspecify.annotations.NullMarked;
