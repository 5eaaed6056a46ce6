package prove

import "net/netip"

// octets is the automaton of the texts whose runs of digits are numbers under
// 256 without needless zeros. A state is the number so far and one more; 257 is
// the beginning of a run.
type octets struct{}

func (octets) start() int { return 257 }

func (octets) step(s int, r rune) int {
	switch {
	case r == '.' && s != 257:
		return 257
	case !digit(r) || s == 1: // nothing follows a leading zero
		return 0
	case s == 257:
		return int(r-'0') + 1
	}
	if n := (s-1)*10 + int(r-'0'); n < 256 {
		return n + 1
	}
	return 0
}

func (octets) accepts(s int) bool { return s != 257 && s != 0 }

func (octets) runes(_ int, told []rune) []rune { return append(told, []rune("0123456789.")...) }

// network is the automaton of the addresses of an IPv4 network. A state is the
// octet, the number so far, and one more; a number of 256 is the beginning of an
// octet. Texts that are no address are left to octets.
type network netip.Prefix

func (network) state(octet, number int) int { return octet*257 + number + 1 }

func (n network) start() int { return n.state(0, 256) }

func (n network) step(s int, r rune) int {
	octet, number := (s-1)/257, (s-1)%257
	switch {
	case r == '.' && octet < 3 && n.holds(octet, number):
		return n.state(octet+1, 256)
	case !digit(r):
		return 0
	case number == 256:
		number = 0
	}
	if number = number*10 + int(r-'0'); number > 255 {
		return 0
	}
	return n.state(octet, number)
}

func (n network) accepts(s int) bool {
	octet, number := (s-1)/257, (s-1)%257
	return s != 0 && octet == 3 && n.holds(octet, number)
}

// holds reports whether a number may stand in an octet of the network.
func (n network) holds(octet, number int) bool {
	p := netip.Prefix(n)
	fixed := min(8, max(0, p.Bits()-8*octet)) // leading bits that the network says
	return number < 256 && number>>(8-fixed) == int(p.Addr().As4()[octet])>>(8-fixed)
}

func (network) runes(_ int, told []rune) []rune { return octets{}.runes(0, told) }
