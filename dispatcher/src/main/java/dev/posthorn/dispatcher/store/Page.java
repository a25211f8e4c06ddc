package dev.posthorn.dispatcher.store;

import java.util.List;

/**
 * The answer to a {@link PageRequest}, read after the transaction it is reported with.
 *
 * @param request what was asked
 * @param rows ascending, at most {@link PageRequest#ROWS}
 * @param more whether there may be rows behind the last
 */
public record Page(PageRequest request, List<OpenDelivery> rows, boolean more) {}
