package io.sluice.standalone.site;

import java.time.Duration;

/**
 * How the site treats its visitors. Shares are from 0 to 1, of the requests within the limit.
 *
 * @param hosts how many hosts there are
 * @param limitPerHost requests that a host serves at once; one more is refused with 429
 * @param minDelay the shortest time to an answer, in whole milliseconds
 * @param maxDelay the longest
 * @param unavailableShare of requests answered by 503, after their delay
 * @param hangShare of requests that are never answered
 */
public record SiteBehaviour(
        int hosts, int limitPerHost, Duration minDelay, Duration maxDelay, double unavailableShare, double hangShare) {

    /** @throws IllegalArgumentException when no site can behave so; the message names the value */
    public SiteBehaviour {
        check(hosts >= 1, "hosts must be at least 1, not " + hosts);
        check(limitPerHost >= 1, "limitPerHost must be at least 1, not " + limitPerHost);
        check(!minDelay.isNegative(), "minDelay must not be negative, not " + minDelay);
        check(minDelay.compareTo(maxDelay) <= 0, "minDelay " + minDelay + " must not be above maxDelay " + maxDelay);
        check(maxDelay.toMillis() < Integer.MAX_VALUE, "maxDelay must be below 24 days, not " + maxDelay);
        check(unavailableShare >= 0, "unavailableShare must be from 0 to 1, not " + unavailableShare);
        check(hangShare >= 0, "hangShare must be from 0 to 1, not " + hangShare);
        check(
                unavailableShare + hangShare <= 1,
                "unavailableShare " + unavailableShare + " and hangShare " + hangShare + " must not exceed 1 together");
    }

    /** 20 to 100 ms an answer, 1 % of them 503, and one request in 500 hangs. */
    public static SiteBehaviour standard(int hosts, int limitPerHost) {
        return new SiteBehaviour(hosts, limitPerHost, Duration.ofMillis(20), Duration.ofMillis(100), 0.01, 1.0 / 500);
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }
}
