package postgres

import (
	"fmt"
	"strings"
)

// Below gives the condition that a row lies below one of some organisations, each given by its path,
// by the columns o1 to o6 of a table: its ancestors by depth, with which the indexes of lists begin.
// alias names the table; arg adds an argument and gives its place. No path is nowhere.
func Below(alias string, paths [][]int32, arg func(any) string) string {
	var out []string
	for _, path := range paths {
		if len(path) == 1 {
			out = append(out, "true")
		} else {
			out = append(out, fmt.Sprintf("%s.o%d = ", alias, len(path)-1)+arg(path[len(path)-1]))
		}
	}
	return "(" + strings.Join(append(out, "false"), " or ") + ")"
}
