package people

import (
	"bytes"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// collators holds Vietnamese collators, which one goroutine at a time may use.
var collators = sync.Pool{New: func() any { return collate.New(language.Vietnamese) }}

// CleanName gives a name with single spaces and precomposed letters, as it is stored.
func CleanName(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// SortKey gives the bytes by which Vietnamese lists order people: the given name, which is the last
// word, then the family name, then the middle names.
func SortKey(name string) []byte {
	words := strings.Fields(name)
	if len(words) == 0 {
		return nil
	}
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var out bytes.Buffer
	var buf collate.Buffer
	for _, part := range nameParts(words) {
		out.Write(c.KeyFromString(&buf, part))
		out.Write([]byte{0, 0})
		buf.Reset()
	}
	return out.Bytes()
}

func nameParts(words []string) []string {
	last := len(words) - 1
	if last == 0 {
		return words
	}
	return []string{words[last], words[0], strings.Join(words[1:last], " ")}
}
