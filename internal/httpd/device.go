package httpd

import (
	"context"
	"strings"

	"ketnap/web/ui"
)

// deviceName gives a browser and a system in words that their owner recognises. The order matters:
// most browsers also name the ones they come from.
func deviceName(ctx context.Context, userAgent string) string {
	browser := firstIn(userAgent, "Edg", "Edge", "OPR", "Opera", "coc_coc", "Cốc Cốc", "Firefox", "Firefox", "Chrome", "Chrome", "Safari", "Safari")
	system := firstIn(userAgent, "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "macOS", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return ui.T(ctx, "account.devices.unknown")
	case browser == "" || system == "":
		return browser + system
	}
	return browser + ", " + system
}

// firstIn takes pairs of a mark and a name and gives the name of the first mark found.
func firstIn(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(text, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}
