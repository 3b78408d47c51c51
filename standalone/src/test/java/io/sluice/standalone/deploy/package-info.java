/** The files of {@code deploy/}: what they say about Sluice is compared with what Sluice says of itself. */
@NullMarked
package io.sluice.standalone.deploy;

import org.jspecify.annotations.NullMarked;
