/// Laws as rewrite rules, grouped by theme, and the driver that applies them until none fires.
package dev.kiln.compiler.rewrite;
