/// What a gradient check came to, as one HTML page and as JUnit XML.
package dev.kiln.testkit.report;
