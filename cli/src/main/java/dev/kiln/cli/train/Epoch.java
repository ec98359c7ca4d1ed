package dev.kiln.cli.train;

import java.util.Optional;

/// What one pass over the training rows came to.
/// @param validation absent when no rows are held back
/// @param best whether these are the best weights so far
public record Epoch(int number, Scores training, Optional<Scores> validation, double seconds, boolean best) {}
