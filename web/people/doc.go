// Package people has the views of the register: the list with its search, and the form that enters
// somebody or changes what is written about him.
package people
