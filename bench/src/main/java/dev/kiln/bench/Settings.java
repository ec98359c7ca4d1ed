package dev.kiln.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What the command line asks for.
///
/// @param items matches the whole name of each item that is to run
/// @param threads for us and for the peers
/// @param rounds in which each contender gives one sample
/// @param before the folder of the jars of an earlier version of Kiln that is measured beside ours
/// @param report whether to write `bench/results/<cpu>.md`
/// @param root the folder of the clone
record Settings(Pattern items, int threads, int rounds, Clock clock, Optional<Path> before, boolean report, Path root) {
    /// Words that stand for several items.
    private static final Map<String, String> GROUPS = Map.of("cold", "cold_.*", "memory", "cold_.*");
    static final String USAGE = "usage: bench/run [REGEX] [--threads N] [--rounds N] [--clock wall|cpu] [--before REVISION] [--report]";

    Settings {
        if (threads < 1 || threads > 64) throw new IllegalArgumentException("--threads must be 1 to 64, got " + threads);
        if (rounds < 1 || rounds > 10_000) throw new IllegalArgumentException("--rounds must be 1 to 10000, got " + rounds);
        if (clock == Clock.CPU && threads > 1) throw new IllegalArgumentException("--clock cpu sees the caller's thread only: it goes with --threads 1");
    }

    static Settings of(Path root, List<String> arguments) {
        Optional<Pattern> items = Optional.empty();
        int threads = 1;
        int rounds = 25;
        Clock clock = Clock.WALL;
        Optional<Path> before = Optional.empty();
        boolean report = false;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            switch (argument) {
                case "--threads" -> threads = number(argument, rest);
                case "--rounds" -> rounds = number(argument, rest);
                case "--clock" -> clock = clock(value(argument, rest));
                case "--before" -> before = Optional.of(Path.of(value(argument, rest)));
                case "--report" -> report = true;
                default -> {
                    if (argument.startsWith("-") || items.isPresent()) throw new IllegalArgumentException("'" + argument + "' is not understood; " + USAGE);
                    items = Optional.of(pattern(GROUPS.getOrDefault(argument, argument)));
                }
            }
        }
        return new Settings(items.orElse(pattern(".*")), threads, rounds, clock, before, report, root);
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is not a regular expression: " + e.getDescription(), e);
        }
    }

    private static Clock clock(String text) {
        return switch (text) {
            case "wall" -> Clock.WALL;
            case "cpu" -> Clock.CPU;
            default -> throw new IllegalArgumentException("--clock is wall or cpu, got '" + text + "'");
        };
    }

    private static int number(String option, Iterator<String> rest) {
        String text = value(option, rest);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " wants a number, got '" + text + "'", e);
        }
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) throw new IllegalArgumentException(option + " wants a value; " + USAGE);
        return rest.next();
    }
}
