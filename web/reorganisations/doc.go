// Package reorganisations has the views of acts that change where organisations stand: the register,
// one act, its form and what it would do. They decide nothing.
package reorganisations
