package dev.kiln.compiler.source;

import java.util.Locale;

/// The words for [SyntaxProblem].
final class SyntaxWords {
    private SyntaxWords() {}

    static Words of(SyntaxProblem problem) {
        return switch (problem) {
            case SyntaxProblem.StrangeCharacter p -> Words.of("this character has no meaning here")
                    .mark("U+%04X%s".formatted(p.codePoint(), named(p.codePoint())))
                    .fix(quoteLike(p.codePoint()) ? "\" for strings" : "deleting it");
            case SyntaxProblem.ForeignLetters p -> Words.of("names are written with the letters A to Z, digits and _").mark("%s has others".formatted(p.word()));
            case SyntaxProblem.ForeignComment p -> Words.of("comments begin with //").fix("// (and /// for what documents the next item)");
            case SyntaxProblem.ForeignOperator p -> Words.of("%s is not an operator of this language".formatted(p.found())).fix(p.instead());
            case SyntaxProblem.ForeignWord p -> Words.of("%s is a word of another language".formatted(p.word())).fix(p.instead());
            case SyntaxProblem.StraySemicolon p -> p.separates()
                    ? Words.of("items of a list are separated by commas").fix(",")
                    : Words.of("no statement ends with a semicolon").note("every statement begins with a word, so nothing has to separate them").fix("deleting it");
            case SyntaxProblem.UnclosedString _ -> Words.of("the string does not end on its line").fix("\" at its end");
            case SyntaxProblem.SingleQuotes p -> Words.of("strings stand in double quotes")
                    .note("a single quote marks the next value of a name: h'").fix('"' + p.inside() + '"');
            case SyntaxProblem.UnknownEscape p -> Words.of("\\%s means nothing in a string".formatted(p.escaped()))
                    .fix("one of \\n \\t \\\" \\\\, or \\\\%s for the backslash itself".formatted(p.escaped()));
            case SyntaxProblem.BadNumber p -> fixed(Words.of("%s is not a number".formatted(p.found())), p.instead());
            case SyntaxProblem.NumberTooLarge _ -> Words.of("the number does not fit in 64 bits").fix("a number with a point or an exponent, if it is not a count: 1e30");
            case SyntaxProblem.UnknownKeyword p -> Words.of("%s is no word that begins a statement or declaration".formatted(p.found())).fix(p.nearest());
            case SyntaxProblem.KeywordAsName p -> Words.of("%s is a word of the language and cannot be a name".formatted(p.word())).fix(p.word() + "_");
            case SyntaxProblem.NameCase p -> Words.of(p.capitalised()
                            ? "a %s owns parameters or state, so its name is Capitalised".formatted(p.what())
                            : "a %s is a pure function, so its name is lower_case".formatted(p.what()))
                    .fix(p.instead());
            case SyntaxProblem.MissingBracket p -> Words.of("%s is missing".formatted(p.bracket())).fix(p.bracket() + " here");
            case SyntaxProblem.UnmatchedBracket p -> Words.of("%s closes nothing".formatted(p.bracket())).fix("deleting it");
            case SyntaxProblem.WrongBracket p -> Words.of("%s closes a bracket of another kind".formatted(p.found())).fix(p.expected());
            case SyntaxProblem.TooDeep p -> Words.of("nested more than %d deep".formatted(p.limit())).fix("a name for a part of it");
            case SyntaxProblem.TrailingComma p -> Words.of("nothing follows the comma before %s".formatted(p.closer())).fix("deleting it");
            case SyntaxProblem.MissingList p -> Words.of("%s %s lacks its list of %s".formatted(article(p.what()), p.what(), p.which()))
                    .note("the first list holds settings, known when compiling; the second holds tensors")
                    .fix(p.which().equals("tensors") ? "%s %s(…)(x: f32[N, C])".formatted(p.what(), p.name()) : "%s %s()(…), with an empty list of settings".formatted(p.what(), p.name()));
            case SyntaxProblem.UnexpectedText p -> Words.of("%s is not expected here".formatted(p.found())).mark("expected " + p.expected());
            case SyntaxProblem.Unfinished p -> Words.of("the statement ends too early").mark("expected %s after %s".formatted(p.expected(), p.after()));
            case SyntaxProblem.BareExpression p -> Words.of("a value that nobody uses is not a statement").fix("a name for it, y = %s, or return %s".formatted(p.text(), p.text()));
            case SyntaxProblem.Misplaced p -> Words.of("%s cannot stand %s".formatted(p.word(), p.where())).note("it belongs " + p.belongs());
            case SyntaxProblem.MissingType p -> Words.of("%s needs a type".formatted(p.name())).fix(p.example());
            case SyntaxProblem.MissingInit p -> Words.of("parameter %s does not say how it starts".formatted(p.name()))
                    .fix("init 0, init xavier_uniform(fan_in, fan_out) or another distribution, after the type");
            case SyntaxProblem.MissingStart p -> Words.of("state %s does not say its first value".formatted(p.name())).fix("= 0 after the type");
            case SyntaxProblem.MissingMessage p -> Words.of("require needs the words to say when it fails").fix("require %s : \"what is wrong, with {a} value\"".formatted(p.condition()));
            case SyntaxProblem.MissingElse _ -> Words.of("an if that gives a value needs its else").fix("else { … } with the value otherwise");
            case SyntaxProblem.ChainedAssignment p -> Words.of("one statement binds once").fix("two statements: %s = …, and %s = %s".formatted(p.second(), p.first(), p.second()));
            case SyntaxProblem.EqualsForCompare _ -> Words.of("= binds a name; it does not compare").fix("==");
            case SyntaxProblem.CompareForEquals p -> Words.of("== compares; it does not bind %s".formatted(p.name())).fix("=");
            case SyntaxProblem.IndexOnTheLeft p -> Words.of("left of = an index is bound, so it is a plain name").mark("%s is computed".formatted(p.found()))
                    .note("an extent that no tensor gives is written i < 5").fix("a name here, and the arithmetic on the right");
            case SyntaxProblem.NamedWithEquals p -> Words.of("arguments are named with a colon").fix("%s: …".formatted(p.name()));
            case SyntaxProblem.AxisArgument p -> Words.of("no function takes %s: indices say which axes are meant".formatted(p.word()))
                    .fix("y[n] = %s(x[n, c] over c)".formatted(p.function()));
            case SyntaxProblem.TransposePrime _ -> Words.of("a prime is the next value of a name; it never transposes").fix("transpose(…)");
            case SyntaxProblem.HalfOpenSlice p -> fixed(Words.of("slices are written a..b, and both ends count"), p.instead());
            case SyntaxProblem.OpenRange p -> Words.of("the range has no end").note("only a name may stand before .. alone: s.. is any number of axes")
                    .fix("%s..last, both ends count".formatted(p.from()));
            case SyntaxProblem.ComparisonChain p -> Words.of("comparisons do not chain")
                    .fix("%s and %s %s %s".formatted(p.left(), p.middle(), p.sign(), p.right()));
            case SyntaxProblem.ChainInSum p -> Words.of("a chain inside a sum wants parentheses").mark("|> binds weaker than %s".formatted(p.sign()))
                    .fix("(%s) %s …".formatted(p.chain(), p.sign()));
        };
    }

    private static Words fixed(Words words, String instead) {
        return instead.isEmpty() ? words : words.fix(instead);
    }

    private static String article(String noun) {
        return "aeiou".indexOf(noun.charAt(0)) >= 0 ? "an" : "a";
    }

    private static boolean quoteLike(int codePoint) {
        return "\u201C\u201D\u201E\u2018\u2019\u00AB\u00BB'`".indexOf(codePoint) >= 0;
    }

    private static String named(int codePoint) {
        String name = Character.getName(codePoint);
        return name == null ? "" : " " + name.toLowerCase(Locale.ROOT);
    }
}
