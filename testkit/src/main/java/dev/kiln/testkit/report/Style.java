package dev.kiln.testkit.report;

/// How pages look: by day and by night, without anything from elsewhere.
public final class Style {
    /// What all pages share.
    public static final String BASE = """
            :root { color-scheme: light dark; --ink: #1c2024; --paper: #fcfcfd; --faint: #60646c; --line: #d9d9e0; --ok: #18794e; --bad: #c62a2f; --unsure: #8a5a00; --bar: #3e63dd; --box: #f2f2f5 }
            @media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --paper: #111113; --faint: #b0b4ba; --line: #43484e; --ok: #3dd68c; --bad: #ff9592; --unsure: #ffca16; --bar: #9eb1ff; --box: #1b1c20 } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.2rem } h3 { font-size: 1rem; margin: 1.4rem 0 .4rem }
            table { border-collapse: collapse; width: 100% } td, th { padding: .25rem .6rem .25rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: baseline }
            th { color: var(--faint); font-weight: 500 } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
            .scroll { overflow-x: auto } code, pre { font: 13px/1.45 ui-monospace, monospace } h1 code, h2 code { font-size: .92em } pre { background: var(--box); padding: .8rem; overflow-x: auto; border-radius: 6px }
            .ok { color: var(--ok) } .bad { color: var(--bad); font-weight: 600 } .unsure { color: var(--unsure) } .faint { color: var(--faint) }
            """;

    /// Bars that show a number.
    static final String BARS = """
            pre { white-space: pre-wrap; overflow-wrap: anywhere } svg { vertical-align: middle } svg .bar { fill: var(--bar) } svg .bar.bad { fill: var(--bad) } svg .limit { stroke: var(--bad) } svg .track { fill: var(--line) }
            """;

    private Style() {}
}
