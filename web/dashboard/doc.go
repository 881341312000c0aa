// Package dashboard has the views of a term's figures and of the names behind them.
package dashboard
