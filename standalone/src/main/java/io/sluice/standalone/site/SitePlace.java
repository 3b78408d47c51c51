package io.sluice.standalone.site;

/**
 * Where a site is.
 *
 * @param listen the address that its hosts listen on
 * @param name what its visitors call that machine
 * @param firstPort of its first host; each next host has the next one. 0 for any that are free
 */
public record SitePlace(String listen, String name, int firstPort) {
    /** This machine, seen by nobody else. */
    static final SitePlace HERE = new SitePlace(DemoSite.ADDRESS, DemoSite.ADDRESS, 0);

    int port(int host) {
        return firstPort == 0 ? 0 : firstPort + host;
    }
}
