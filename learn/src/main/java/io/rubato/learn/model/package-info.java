/** Writing models: one {@code .npy} file per table and a {@code model.json} that describes them. */
package io.rubato.learn.model;
