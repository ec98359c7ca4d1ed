package dev.kiln.runtime;

/// A step of an entry for one size of its inputs.
///
/// @param name       of the value that the step computes, or of what it does
/// @param place      where in the `.nn` text it comes from, such as `digits.nn:7`; empty where nobody wrote it
/// @param operations floating-point operations of its contraction in one call, two for each multiply-add; 0 where it is something else
public record StepWork(String name, String place, double operations) {}
