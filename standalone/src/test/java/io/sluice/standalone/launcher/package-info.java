/** The shell launcher at the top of the project, tried in a folder of its own with a fake Java and a fake Maven. */
@NullMarked
package io.sluice.standalone.launcher;

import org.jspecify.annotations.NullMarked;
