package io.sluice.management;

import io.vertx.core.Future;
import java.util.List;

/** What can be asked how it is. Both questions may be asked from any thread; an answer that does not come is one, too. */
public interface Observed {
    /** Whether it lives. If it does not, nothing but a restart helps. */
    Future<List<Check>> live();

    /** Whether it can do its work now. */
    Future<List<Check>> ready();
}
