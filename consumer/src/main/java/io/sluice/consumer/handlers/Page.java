package io.sluice.consumer.handlers;

import java.util.List;

/**
 * The result of a {@code fetch} task. A document that is not HTML has an empty title, no headings, no links and no
 * words.
 *
 * @param url where the page was found in the end, after redirects, without a fragment
 * @param status the HTTP status, from 200 to 299
 * @param title the title's text, empty if there is none
 * @param headings the texts of h1 to h6 in document order, without empty ones, as many as links at most
 * @param links where the page's {@code a} elements lead to, if by http or https: absolute, without fragments, distinct, in
 *     document order, the first {@code max-links} of them
 * @param words how many words the body's text has, separated by white space
 */
public record Page(String url, int status, String title, List<String> headings, List<String> links, int words) {
    public Page {
        headings = List.copyOf(headings);
        links = List.copyOf(links);
    }
}
