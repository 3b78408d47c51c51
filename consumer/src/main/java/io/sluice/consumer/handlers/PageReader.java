package io.sluice.consumer.handlers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Makes a {@link Page} of an answer with jsoup. It computes for long: never on an event loop. Stateless.
 *
 * @param maxLinks the most links of a page, and the most headings
 */
record PageReader(int maxLinks) {

    /**
     * The charset is the one of the Content-Type header; without one, jsoup finds it in the page itself, else takes UTF-8. A
     * byte order mark outranks both.
     *
     * @param url where the page is from; its relative links start there, unless it has a base of its own
     */
    Page read(String url, Answer answer) throws IOException {
        ContentType type = answer.contentType();
        if (!type.mayBeHtml()) {
            return new Page(url, answer.status(), "", List.of(), List.of(), 0);
        }
        String charset = type.charset() == null ? null : type.charset().name();
        Document page = Jsoup.parse(new ByteArrayInputStream(answer.body().getBytes()), charset, url);
        return new Page(url, answer.status(), page.title(), headings(page), links(page), words(page));
    }

    private List<String> headings(Document page) {
        return page.select("h1, h2, h3, h4, h5, h6").stream()
                .map(Element::text)
                .filter(text -> !text.isEmpty())
                .limit(maxLinks)
                .toList();
    }

    /** Resolving is what costs, and most links of a page lead to a few places: so each is resolved once. */
    private List<String> links(Document page) {
        Set<String> seen = new HashSet<>();
        Set<String> links = new LinkedHashSet<>();
        for (Element link : page.select("a[href]")) {
            if (links.size() < maxLinks && seen.add(withoutFragment(link.attr("href")))) {
                String absolute = withoutFragment(link.absUrl("href"));
                if (absolute.startsWith("http://") || absolute.startsWith("https://")) {
                    links.add(absolute);
                }
            }
        }
        return List.copyOf(links);
    }

    private static String withoutFragment(String url) {
        int hash = url.indexOf('#');
        return hash < 0 ? url : url.substring(0, hash);
    }

    private static int words(Document page) {
        return new StringTokenizer(page.body().text()).countTokens();
    }
}
