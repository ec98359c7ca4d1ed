/// Properties of networks and operators: drawn sizes and values, derivatives by differences, gradients held against them.
package dev.kiln.testkit;
