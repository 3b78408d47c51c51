/**
 * Traces, told by the OpenTelemetry API: what a process sends its spans with, and how a trace's context goes into headers and
 * comes out of them. Nothing is traced, and the SDK is not even loaded, unless somebody asks for it.
 */
@NullMarked
package io.sluice.tracing;

import org.jspecify.annotations.NullMarked;
