package dev.kiln.cli.doc;

import static dev.kiln.testkit.report.Markup.escape;

/// The files, and everything in them from a to z.
final class IndexPage {
    private IndexPage() {}

    static String of(Site site) {
        StringBuilder page = new StringBuilder();
        page.append("<main>\n<h1>").append(escape(site.title())).append("</h1>\n<h2>Files</h2>\n<dl class=\"index\">\n");
        for (Document document : site.documents()) {
            String about = document.file().documentation().isBlank() ? String.join(", ", document.items().stream().map(Item::name).toList()) : document.file().documentation();
            page.append("<div><dt><a href=\"").append(escape(document.page())).append("\">").append(escape(document.name())).append("</a></dt><dd>").append(Prose.inline(Prose.first(about), site::linked)).append("</dd></div>\n");
        }
        page.append("</dl>\n<h2>From a to z</h2>\n<dl class=\"index\">\n");
        for (Site.Place place : site.alphabet()) {
            page.append("<div><dt><a href=\"").append(escape(place.link())).append("\"><code>").append(escape(place.item().name())).append("</code></a> <span class=\"kind\">").append(place.item().kind()).append("</span></dt><dd>")
                    .append(Prose.inline(Prose.first(place.item().documentation()), site::linked)).append("</dd></div>\n");
        }
        return Frame.of(site.title(), page.append("</dl>\n</main>\n").toString());
    }
}
