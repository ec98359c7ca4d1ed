package dev.kiln.cli.doc;

import static dev.kiln.testkit.report.Markup.escape;

import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The page of a file: each of its declarations with comment, signature, tables, picture and neighbours, and the text itself.
final class FilePage {
    private final Site site;
    private final Document document;
    private final StringBuilder page = new StringBuilder();

    FilePage(Site site, Document document) {
        this.site = site;
        this.document = document;
    }

    String text() {
        page.append("<header>\n<nav aria-label=\"Pages\"><a href=\"index.html\">").append(escape(site.title())).append("</a></nav>\n<h1>").append(escape(document.title())).append(" <span class=\"kind\">").append(escape(document.name())).append("</span></h1>\n");
        page.append(Prose.of(document.file().documentation(), site::linked));
        page.append("<nav aria-label=\"On this page\">");
        for (Item item : document.items()) page.append("<a href=\"#").append(escape(item.name())).append("\"><code>").append(escape(item.name())).append("</code></a> ");
        page.append("<a href=\"#source\">source</a></nav>\n</header>\n<main>\n");
        document.items().forEach(this::item);
        source();
        return Frame.of(document.title() + ", " + site.title(), page.append("</main>\n").toString());
    }

    private void item(Item item) {
        page.append("<section id=\"%1$s\">%n<h2>%1$s <span class=\"kind\">%2$s, <a href=\"#L%3$d\">line %3$d</a></span></h2>%n".formatted(escape(item.name()), item.kind(), item.line()));
        page.append(Prose.of(item.documentation(), site::linked));
        page.append("<pre class=\"signature\"><code>").append(coloured(item.words(), item, item.signature().length())).append("</code></pre>\n");
        tables(item);
        picture(item);
        neighbours("Uses", site.uses(item));
        neighbours("Used by", site.usedBy(item));
        page.append("</section>\n");
    }

    private void tables(Item item) {
        table("Settings", List.of("name", "kind", "when left out"), item.settings().stream()
                .map(s -> List.of(code(s.name().text()), s.kinds().stream().map(k -> code(k.span().text())).collect(Collectors.joining(" or ")), s.standard().map(e -> code(e.span().text())).orElse("must be given"))).toList());
        List<List<String>> inputs = new ArrayList<>();
        for (Ast.Input input : item.inputs()) inputs.add(List.of(code(input.name().text()), code(input.type().span().text()), input.standard().map(e -> code(e.span().text())).orElse("")));
        for (Ast.Statement s : item.statements()) if (s instanceof Ast.In in) inputs.add(List.of(code(in.name().text()), code(in.type().span().text()), Prose.inline(in.documentation(), site::linked)));
        table("Inputs", List.of("name", "shape", item.kind().equals("network") ? "" : "when left out"), inputs);
        table("Gives", List.of("shape"), results(item).stream().map(r -> List.of(code(r.span().text()))).toList());
        List<List<String>> outputs = new ArrayList<>();
        List<List<String>> parameters = new ArrayList<>();
        List<List<String>> states = new ArrayList<>();
        List<List<String>> conditions = new ArrayList<>();
        for (Ast.Statement s : item.statements()) {
            switch (s) {
                case Ast.Out o -> outputs.add(List.of(code(o.name().text()), o.value().map(v -> code(v.span().text())).orElse(""), shape(item, o.name().text())));
                case Ast.Param p -> parameters.add(List.of(code(p.name().text()), code(p.type().span().text()), code(p.init().span().text()), p.when().map(w -> "when " + code(w.condition().span().text())).orElse("") + p.decay().map(d -> " decay " + code(d.span().text())).orElse("")));
                case Ast.State st -> states.add(List.of(st.names().stream().map(n -> code(n.text())).collect(Collectors.joining(", ")), code(st.type().span().text()), code(st.initial().span().text())));
                case Ast.Require r -> conditions.add(List.of(code(r.condition().span().text()), escape(r.message())));
                default -> {}
            }
        }
        Optional.ofNullable(document.programs().get(item.name())).ifPresent(program -> program.parameters().all().stream().filter(p -> p.role() == Parameter.Role.WEIGHT).forEach(p -> parameters.add(learned(p))));
        table("Outputs", List.of("name", "is", "shape"), outputs);
        table("Parameters", List.of("name", "shape", "begins as", ""), parameters);
        table("State", List.of("name", "shape", "begins as"), states);
        table("Must hold", List.of("condition", "or else"), conditions);
    }

    /// A parameter of a checked network: its layer's settings are known.
    private static List<String> learned(Parameter p) {
        String begins = p.init().kind() + p.init().args().stream().map(a -> String.format(Locale.ROOT, "%.4g", a)).collect(Collectors.joining(", ", "(", ")"));
        return List.of(code(p.name()), code(p.type().toString()), code(begins), p.decay() ? "" : "no decay");
    }

    private static List<Expr.TypeName> results(Item item) {
        return switch (item.declaration()) {
            case Ast.Block b -> b.results();
            case Ast.Function f -> f.results();
            default -> List.of();
        };
    }

    /// What an output of a checked network is like.
    private String shape(Item item, String output) {
        Program program = document.programs().get(item.name());
        return program == null ? "" : program.entry("predict").flatMap(e -> e.output(output)).map(o -> code(o.value().type().toString())).orElse("");
    }

    private void picture(Item item) {
        Program program = document.programs().get(item.name());
        Flow flow = program != null && program.entry("predict").isPresent() ? FlowOfNetwork.of(program) : FlowOfText.of(item, name -> site.find(name).map(Site.Place::link).orElse(""));
        if (flow.isWorthDrawing()) page.append("<h3>Picture</h3>\n<div class=\"scroll\">").append(Picture.of(flow, "What flows where in " + item.name())).append("</div>\n");
    }

    private void table(String title, List<String> heads, List<List<String>> rows) {
        if (rows.isEmpty()) return;
        page.append("<h3>").append(title).append("</h3>\n<div class=\"scroll\"><table>\n<tr>");
        heads.forEach(head -> page.append(head.isEmpty() ? "<td></td>" : "<th scope=\"col\">" + head + "</th>"));
        page.append("</tr>\n");
        for (List<String> row : rows) page.append(row.stream().map(cell -> "<td>" + cell + "</td>").collect(Collectors.joining("", "<tr>", "</tr>\n")));
        page.append("</table></div>\n");
    }

    private void neighbours(String title, Set<String> names) {
        if (!names.isEmpty()) page.append("<p>").append(title).append(' ').append(names.stream().map(site::linked).collect(Collectors.joining(", "))).append(".</p>\n");
    }

    private static String code(String text) {
        return "<code>" + escape(text) + "</code>";
    }

    // The text

    private void source() {
        page.append("<section id=\"source\">\n<h2>Source</h2>\n<pre class=\"source\"><code>");
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (Token token : document.tokens()) {
            int here = at;
            List<Item> around = document.items().stream().filter(i -> i.declaration().span().start() <= here && here < i.declaration().span().end()).toList();
            text.append(coloured(token, around.isEmpty() ? Set.of() : local(around.getFirst())));
            at = token.end();
        }
        String[] lines = text.toString().stripTrailing().split("\n", -1);
        for (int i = 0; i < lines.length; i++) page.append("<span class=\"at\" id=\"L%1$d\"><a class=\"n\" href=\"#L%1$d\">%1$d</a>%2$s</span>%n".formatted(i + 1, lines[i]));
        page.append("</code></pre>\n</section>\n");
    }

    private static Set<String> local(Item item) {
        Set<String> local = new HashSet<>(item.bound());
        local.add(item.name());
        return local;
    }

    /// The first characters of some words.
    private String coloured(List<Token> words, Item item, int length) {
        StringBuilder text = new StringBuilder();
        Set<String> local = local(item);
        int end = words.getFirst().start() + length;
        for (Token word : words) if (word.end() <= end) text.append(coloured(word, local));
        return text.toString();
    }

    private String coloured(Token token, Set<String> local) {
        String text = escape(token.text());
        boolean named = token.isWord() && !local.contains(token.name()) && site.find(token.name()).isPresent();
        if (named && token.kind() == Token.Kind.NAME) return "<a href=\"" + escape(site.find(token.name()).orElseThrow().link()) + "\">" + text + "</a>";
        return switch (token.kind()) {
            case KEYWORD -> "<span class=\"k\">" + text + "</span>";
            case COMMENT -> "<span class=\"c\">" + text + "</span>";
            case STRING -> "<span class=\"s\">" + text + "</span>";
            case NUMBER -> "<span class=\"d\">" + text + "</span>";
            case NAME, SIGN, SPACE -> text;
        };
    }
}
