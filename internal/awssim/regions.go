package awssim

import (
	"encoding/xml"
	"slices"
)

// accountAPI tells the APIs of the Account service apart.
func accountAPI(path string) string {
	if path == "/listRegions" {
		return "ListRegions"
	}
	return ""
}

// regionsAPage is how many regions ListRegions answers at once (SDK, account).
const regionsAPage = 50

type regionShape struct{ RegionName, RegionOptStatus string }

func (s *Sim) listRegions(c *call) (any, error) {
	var in struct {
		AccountId               string
		MaxResults              int
		NextToken               string
		RegionOptStatusContains []string
	}
	if err := c.json(&in); err != nil {
		return nil, err
	}
	of := c.account
	if in.AccountId != "" {
		if of = s.accounts[in.AccountId]; of == nil {
			return nil, denied(c, becauseNothing(c))
		}
	}
	all := []regionShape{}
	for _, r := range of.Regions {
		if len(in.RegionOptStatusContains) == 0 || slices.Contains(in.RegionOptStatusContains, r.Status) {
			all = append(all, regionShape{r.Name, r.Status})
		}
	}
	most := regionsAPage
	if in.MaxResults > 0 {
		most = min(most, in.MaxResults)
	}
	first, end, next, err := c.pageOf(len(all), in.NextToken, most)
	if err != nil {
		return nil, err
	}
	out := struct {
		Regions   []regionShape
		NextToken *string `json:",omitempty"`
	}{all[first:end], orNull(next)}
	return out, nil
}

type ec2Region struct {
	RegionName     string `xml:"regionName"`
	RegionEndpoint string `xml:"regionEndpoint"`
	OptInStatus    string `xml:"optInStatus"`
}

type ec2Regions struct {
	XMLName   xml.Name    `xml:"http://ec2.amazonaws.com/doc/2016-11-15/ DescribeRegionsResponse"`
	RequestID string      `xml:"requestId"`
	Regions   []ec2Region `xml:"regionInfo>item"`
}

// describeRegions lists the regions that are switched on, and with AllRegions
// the others too.
func (s *Sim) describeRegions(c *call) (any, error) {
	out := ec2Regions{RequestID: uuid("DescribeRegions")}
	for _, r := range c.account.Regions {
		if c.form.Get("AllRegions") != "true" && !c.account.enabled(r.Name) {
			continue
		}
		status := map[string]string{"ENABLED_BY_DEFAULT": "opt-in-not-required", "ENABLED": "opted-in"}[r.Status]
		if status == "" {
			status = "not-opted-in"
		}
		out.Regions = append(out.Regions, ec2Region{r.Name, "ec2." + r.Name + ".amazonaws.com", status})
	}
	return out, nil
}
