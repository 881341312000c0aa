package httpd

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientAddress gives the address of the browser. X-Forwarded-For is read from its end, where the
// nearest proxy writes, as long as the writer is a trusted proxy; everything before is hearsay.
func clientAddress(r *http.Request, trusted []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	client := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !isTrusted(client, trusted) {
			break
		}
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = addr.Unmap()
	}
	return network(client)
}

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// network is what one browser is counted by: its IPv4 address, or the /64 that it chooses its
// IPv6 addresses from.
func network(addr netip.Addr) string {
	addr = addr.WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return addr.String()
	}
	return prefix.String()
}

func (s *site) addressOf(r *http.Request) string { return clientAddress(r, s.TrustedProxies) }
