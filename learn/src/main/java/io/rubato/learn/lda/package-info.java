/** Latent Dirichlet allocation: topics of documents. */
package io.rubato.learn.lda;
