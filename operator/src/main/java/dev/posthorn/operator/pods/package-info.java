/**
 * What the pods of Dispatchers report to the operator: which configuration they work with, which of
 * it they refuse, how their endpoints do. Pulled over HTTP, so that a pod needs no right in the
 * cluster to report. Not in the overview's list: the reconcilers only read what is gathered here.
 */
@NullMarked
package dev.posthorn.operator.pods;

import org.jspecify.annotations.NullMarked;
