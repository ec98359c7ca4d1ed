package dev.kiln.compiler.syntax;

import dev.kiln.grammar.KilnLexer;
import java.util.Map;
import java.util.TreeMap;

/// The words of the language and their token types, read from the grammar.
final class Keywords {
    private static final Map<String, Integer> TYPES = types();

    private Keywords() {}

    static int type(String word) {
        return TYPES.get(word);
    }

    static boolean isKeyword(int type) {
        return TYPES.containsValue(type);
    }

    private static Map<String, Integer> types() {
        var types = new TreeMap<String, Integer>();
        for (int type = 1; type <= KilnLexer.VOCABULARY.getMaxTokenType(); type++) {
            String literal = KilnLexer.VOCABULARY.getLiteralName(type);
            if (literal != null && Character.isLetter(literal.charAt(1))) types.put(literal.substring(1, literal.length() - 1), type);
        }
        return types;
    }
}
