@NullMarked
package io.sluice.producer.submit;

import org.jspecify.annotations.NullMarked;
