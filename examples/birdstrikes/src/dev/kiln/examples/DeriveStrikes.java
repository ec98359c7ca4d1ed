package dev.kiln.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Turns the report of bird strikes into numbers: `damaged`, then what is known of the flight and the bird, categories as columns of 0 and 1; then the eight
/// categorical columns themselves, each value by its rank among the column's most frequent ones from 1, and 0 for all others.
/// The cost of a strike says whether there was damage, so no cost is among the inputs.
/// `DeriveStrikes birdstrikes.csv.gz strikes.csv.gz`
public final class DeriveStrikes {
    private static final List<String> PHASES = List.of("Approach", "Climb", "Take-off run", "Landing Roll", "Descent");
    private static final List<String> SIZES = List.of("Small", "Medium", "Large");
    private static final List<String> TIMES = List.of("Day", "Night", "Dusk", "Dawn");
    private static final List<String> BIRDS = List.of("unknown", "gull", "goose", "hawk", "starling", "pigeon", "dove", "duck", "owl", "vulture", "sparrow", "plover");
    private static final List<String> MAKERS = List.of("B", "MD", "DC", "A", "FOKKER", "C", "KC", "SAAB", "EMB", "CL", "BA", "BE", "DHC8", "ATR", "LEARJET");
    private static final List<String> OPERATORS = List.of("MILITARY", "BUSINESS", "FEDEX EXPRESS", "UPS AIRLINES");
    private static final double USUAL_SPEED = 140;
    /// Airport, aircraft, operator, state, phase, size, species, time of day.
    private static final List<Integer> FIELDS = List.of(0, 1, 4, 5, 6, 7, 8, 9);
    private static final List<String> FIELD_NAMES = List.of("airport", "aircraft", "operator", "state", "phase", "size", "species", "time");
    /// Values that are told apart in a column.
    private static final int KNOWN = 127;

    private DeriveStrikes() {}

    public static void main(String[] files) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(Path.of(files[0]))), StandardCharsets.UTF_8));
                Writer out = new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(Path.of(files[1]))), StandardCharsets.UTF_8)) {
            List<String[]> rows = in.lines().skip(1).map(line -> line.split(",", -1)).toList();
            List<Map<String, Integer>> ranks = FIELDS.stream().map(field -> ranks(rows, field)).toList();
            out.write(header() + "\n");
            for (String[] cells : rows) {
                out.write(row(cells));
                for (int i = 0; i < FIELDS.size(); i++) out.write("," + ranks.get(i).getOrDefault(cells[FIELDS.get(i)], 0));
                out.write("\n");
            }
        }
    }

    /// The most frequent values of a column, from 1; equally frequent ones in the order of the alphabet.
    static Map<String, Integer> ranks(List<String[]> rows, int field) {
        Map<String, Integer> counts = new HashMap<>();
        for (String[] cells : rows) counts.merge(cells[field], 1, Integer::sum);
        List<String> known = counts.keySet().stream().sorted(Comparator.<String>comparingInt(value -> -counts.get(value)).thenComparing(Comparator.naturalOrder())).limit(KNOWN).toList();
        Map<String, Integer> ranks = new HashMap<>();
        for (String value : known) ranks.put(value, ranks.size() + 1);
        return ranks;
    }

    static String header() {
        List<String> names = new ArrayList<>(List.of("damaged", "speed", "speed_known", "year", "winter", "spring"));
        for (List<String> group : List.of(PHASES, SIZES, TIMES, BIRDS, MAKERS, OPERATORS)) {
            group.forEach(name -> names.add(name.toLowerCase(Locale.ROOT).replace(' ', '_')));
        }
        FIELD_NAMES.forEach(name -> names.add(name + "_rank"));
        return String.join(",", names);
    }

    /// @param cells airport, aircraft, damage, date, operator, state, phase, size, species, time of day, three costs, speed
    static String row(String... cells) {
        List<String> numbers = new ArrayList<>();
        numbers.add(cells[2].equals("None") ? "0" : "1");
        boolean known = !cells[13].isEmpty();
        numbers.add(number(((known ? Double.parseDouble(cells[13]) : USUAL_SPEED) - USUAL_SPEED) / 50));
        numbers.add(known ? "1" : "0");
        numbers.add(number((Integer.parseInt(cells[3].substring(0, 4)) - 1996) / 6.0));
        double month = 2 * Math.PI * (Integer.parseInt(cells[3].substring(5, 7)) - 1) / 12;
        numbers.add(number(Math.cos(month)));
        numbers.add(number(Math.sin(month)));
        PHASES.forEach(phase -> numbers.add(flag(cells[6].equals(phase))));
        SIZES.forEach(size -> numbers.add(flag(cells[7].equals(size))));
        TIMES.forEach(time -> numbers.add(flag(cells[9].equals(time))));
        BIRDS.forEach(bird -> numbers.add(flag(cells[8].toLowerCase(Locale.ROOT).contains(bird))));
        MAKERS.forEach(maker -> numbers.add(flag(cells[1].split("[- ]", -1)[0].equals(maker))));
        OPERATORS.forEach(operator -> numbers.add(flag(cells[4].equals(operator))));
        return String.join(",", numbers);
    }

    private static String flag(boolean set) {
        return set ? "1" : "0";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "").replaceFirst("^-0$", "0") : text;
    }
}
