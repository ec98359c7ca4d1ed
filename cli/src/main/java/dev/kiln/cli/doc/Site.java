package dev.kiln.cli.doc;

import dev.kiln.testkit.report.Markup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// All pages of a documentation, and who is where in them.
public final class Site {
    /// Something documented and its page.
    record Place(Document document, Item item) {
        String link() {
            return document.page() + "#" + item.name();
        }
    }

    private final String title;
    private final List<Document> documents;
    private final Map<String, Place> places = new TreeMap<>();
    private final Map<String, Set<String>> usedBy = new TreeMap<>();

    Site(String title, List<Document> documents) {
        this.title = title;
        this.documents = List.copyOf(documents);
        // a name of the user's own file hides one of the library
        for (Document document : documents.reversed()) for (Item item : document.items()) places.put(item.name(), new Place(document, item));
        for (Place place : places.values()) for (String used : uses(place.item())) usedBy.computeIfAbsent(used, _ -> new TreeSet<>()).add(place.item().name());
    }

    String title() {
        return title;
    }

    /// Every page by the name of its file.
    public Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("index.html", IndexPage.of(this));
        for (Document document : documents) pages.put(document.page(), new FilePage(this, document).text());
        return pages;
    }

    List<Document> documents() {
        return documents;
    }

    /// Everything with a name, from a to z.
    List<Place> alphabet() {
        List<Place> all = new ArrayList<>();
        for (Document document : documents) for (Item item : document.items()) all.add(new Place(document, item));
        all.sort(Comparator.comparing((Place p) -> p.item().name(), String.CASE_INSENSITIVE_ORDER).thenComparing(Place::link));
        return all;
    }

    Optional<Place> find(String name) {
        return Optional.ofNullable(places.get(name));
    }

    /// What a declaration reads of others that have a page.
    Set<String> uses(Item item) {
        Set<String> uses = new TreeSet<>(item.read());
        uses.retainAll(places.keySet());
        return uses;
    }

    Set<String> usedBy(Item item) {
        return usedBy.getOrDefault(item.name(), Set.of());
    }

    /// A name as code, with a link where it has a page.
    String linked(String name) {
        String code = "<code>" + Markup.escape(name) + "</code>";
        return find(name).map(place -> "<a href=\"" + Markup.escape(place.link()) + "\">" + code + "</a>").orElse(code);
    }
}
