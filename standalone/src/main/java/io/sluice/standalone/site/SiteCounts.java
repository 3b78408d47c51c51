package io.sluice.standalone.site;

/**
 * What the site did with the requests it got.
 *
 * @param served answered by a page
 * @param unavailable answered by 503
 * @param hung never answered
 * @param refused answered by 429, being over the limit
 */
public record SiteCounts(long served, long unavailable, long hung, long refused) {

    SiteCounts plus(SiteCounts other) {
        return new SiteCounts(
                served + other.served, unavailable + other.unavailable, hung + other.hung, refused + other.refused);
    }
}
