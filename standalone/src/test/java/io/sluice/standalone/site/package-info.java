/** The demo's site, visited through Vert.x's HTTP client. */
@NullMarked
package io.sluice.standalone.site;

import org.jspecify.annotations.NullMarked;
