/// Training graphs asked for more than training needs: how well the layers do, and how a loss answers to longer steps.
package dev.kiln.compiler.study;
