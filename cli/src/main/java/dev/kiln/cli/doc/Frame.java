package dev.kiln.cli.doc;

import dev.kiln.testkit.report.Markup;
import dev.kiln.testkit.report.Style;

/// What every page begins and ends with.
final class Frame {
    private static final String STYLE = """
            nav { font-size: .9rem } nav a { margin-right: .9rem; display: inline-block }
            section { margin-top: 3rem; border-top: 1px solid var(--line) }
            section h2 { margin: 1.2rem 0 .4rem } .kind { color: var(--faint); font-weight: 400; font-size: .95rem }
            pre.signature { border-left: 3px solid var(--bar); border-radius: 0 6px 6px 0; white-space: pre-wrap }
            math { font-size: 1.05em } math[display="block"] { margin: .6rem 0 }
            h3 { color: var(--faint); font-weight: 600 }
            dl.index { columns: 20rem 2; column-gap: 2rem } dl.index div { break-inside: avoid; padding: .25rem 0 } dl.index dd { margin: 0 0 0 1rem; color: var(--faint) }
            .flow { max-width: 100%; height: auto } .flow text { fill: var(--ink); font: 12px ui-monospace, monospace; text-anchor: middle } .flow .below { fill: var(--faint); font-size: 10px }
            .flow rect { fill: var(--box); stroke: var(--line) } .flow rect.input, .flow rect.result { stroke: var(--bar); stroke-width: 1.5 } .flow rect.parameter { stroke-dasharray: 4 3; stroke: var(--faint) }
            .flow .arrow { fill: none; stroke: var(--faint) } .flow .head { fill: var(--faint) } .flow a text { fill: var(--bar) }
            pre.source { counter-reset: line; padding-left: 0 } pre.source a.n { display: inline-block; width: 3.2em; margin-right: 1em; text-align: right; color: var(--faint); text-decoration: none; user-select: none }
            pre.source span.at:target { background: var(--mark) } .k { color: var(--key) } .c { color: var(--faint) } .s, .d { color: var(--ok) } pre a { color: inherit; text-decoration-color: var(--line) } a { color: var(--bar) }
            :root { --key: #8e4ec6; --mark: #fff3b0 } @media (prefers-color-scheme: dark) { :root { --key: #d19dff; --mark: #4f4000 } }
            """;

    private Frame() {}

    static String of(String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s%s</style>
                </head>
                <body>
                %s</body>
                </html>
                """.formatted(Markup.escape(title), Style.BASE, STYLE, body);
    }
}
