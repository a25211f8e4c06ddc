package dev.posthorn.dispatcher.store;

import java.util.List;

/**
 * The answer to a {@link PageRequest}, read after the transaction it is reported with.
 *
 * @param request what was asked
 * @param rows ascending; fewer than {@link PageRequest#ROWS} means that the set ends here
 */
public record Page(PageRequest request, List<OpenDelivery> rows) {}
