/**
 * The demo's own web site: real HTML pages under several local hosts that rate-limit, fail and hang like real ones.
 *
 * <p>It also keeps the count that the demo is judged by: the most requests that a host ever had in service at once, seen
 * from the side that is hurt when there are too many.
 */
@NullMarked
package io.sluice.standalone.site;

import org.jspecify.annotations.NullMarked;
