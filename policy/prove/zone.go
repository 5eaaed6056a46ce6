package prove

// Zone is the trust zone: whose access is expected. The owner of the function
// is always trusted. The zero Zone trusts nobody else.
//
// A request is trusted when its caller is an IAM caller whose account,
// organisation, unit or ARN is listed; a service that is listed, or that acts
// for a listed account or organisation; or when it comes from a listed network.
type Zone struct {
	Accounts      []string // 12 digits
	Organizations []string // o-…
	Units         []string // organisation paths "o-…/r-…/ou-…/": the unit and all below it
	Principals    []string // ARNs of a role (with its sessions), a user or one session
	Services      []string // service principals
	Networks      Networks

	prepared *index // see Prepare; nil: every proof makes its own
}

// Networks lists the networks of a trust zone.
type Networks struct {
	CIDRs     []string // address ranges
	VPCs      []string // vpc-…
	Endpoints []string // vpce-…
}

// Prepare returns the zone with its lists indexed, for many proofs to share: of
// a zone of thousands of accounts the index costs far more than a proof. It may
// be used by several goroutines. A list that is exchanged afterwards is noticed
// and indexed anew by each proof; the elements of one must not be changed.
func (z Zone) Prepare() Zone {
	z.prepared = z.index()
	return z
}

// Trusts reports whether the zone lists an account.
func (z Zone) Trusts(account string) bool { return z.index().account[account] }

// index is what the lists of a zone say, as a proof asks it. It never changes.
type index struct {
	lists         [4][]string // that it was made of
	accounts      *trie
	principals    *trie
	organizations *trie
	account       map[string]bool
	principal     map[string]bool
	service       map[string]bool
}

func (z *Zone) lists() [4][]string {
	return [...][]string{z.Accounts, z.Organizations, z.Principals, z.Services}
}

// index returns the prepared index where it was made of the same lists, else a
// new one.
func (z *Zone) index() *index {
	lists := z.lists()
	if z.prepared != nil && sameLists(z.prepared.lists, lists) {
		return z.prepared
	}
	return &index{
		lists: lists, accounts: newAccountTrie(z.Accounts), principals: newTrie(z.Principals), organizations: newTrie(z.Organizations),
		account: set(z.Accounts), principal: set(z.Principals), service: set(z.Services),
	}
}

// sameLists reports whether lists are the same in memory, not only alike.
func sameLists(a, b [4][]string) bool {
	for i := range a {
		if len(a[i]) != len(b[i]) || len(a[i]) > 0 && &a[i][0] != &b[i][0] {
			return false
		}
	}
	return true
}

func set(texts []string) map[string]bool {
	m := make(map[string]bool, len(texts))
	for _, text := range texts {
		m[text] = true
	}
	return m
}
