package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"surety/internal/plan"
	"surety/services/lambda"
)

// move plans to point aliases at a version with the function's own role, and to
// publish one where there is none. An alias that cannot be moved is refused when
// it was asked for, and told otherwise.
func (d *departure) move(found []types.AliasConfiguration) {
	var leaving []types.AliasConfiguration
	var could []string
	for _, a := range found {
		name := aws.ToString(a.Name)
		if !d.stays(a) {
			continue
		}
		d.met[name] = true
		asked, why := d.All || slices.Contains(d.Names, name), d.immovable(a)
		switch {
		case why == "" && asked:
			leaving = append(leaving, a)
		case why == "":
			could = append(could, name)
		case asked:
			d.refuse(name, why)
		default:
			d.notes = append(d.notes, fmt.Sprintf("alias %s cannot be moved: %s", name, why))
		}
	}
	if len(could) > 0 {
		d.notes = append(d.notes, fmt.Sprintf("to move %s to a version with the function's own role, plan with --move-aliases, or --move-alias %s", strings.Join(could, ", "), could[0]))
	}
	if len(leaving) == 0 {
		return
	}
	own := d.publication(leaving)
	if own != nil {
		s := d.of
		s.Action = VersionAction
		s.Keeps = []string{fmt.Sprintf("the new version is like version %s, but for its role %s", own.Like, own.Role)}
		if v := numbered(d.versions, own.Like); v.SnapStart != nil && v.SnapStart.ApplyOn == types.SnapStartApplyOnPublishedVersions {
			s.Warnings = []string{"SnapStart takes a snapshot of the new version first: that may take minutes"}
		}
		d.add(s, versions{}.Describe, nil, own)
	}
	for _, a := range leaving {
		s := d.of
		s.Action, s.Qualifier, s.Guard = AliasAction, aws.ToString(a.Name), aws.ToString(a.RevisionId)
		s.Keeps = []string{"whoever calls it runs the same code with the same settings, from then on with the function's own role"}
		s.Warnings = []string{"all calls move at once: Lambda shares the calls of an alias between versions of one role only"}
		to := aliasOf{Version: d.alike(*numbered(d.versions, aws.ToString(a.FunctionVersion)))}
		if to.Version == "" {
			to.Published = own
		}
		d.add(s, aliases{}.Describe, aliasOf{Version: aws.ToString(a.FunctionVersion)}, to)
	}
}

// publication is the version that is to be published for the aliases that have
// none to go to; nil when all have one. They all run the same as $LATEST, so one
// version serves them all.
func (d *departure) publication(leaving []types.AliasConfiguration) *versionOf {
	var model *types.FunctionConfiguration
	for _, a := range leaving {
		v := numbered(d.versions, aws.ToString(a.FunctionVersion))
		if d.alike(*v) == "" && (model == nil || later(*v, *model)) {
			model = v
		}
	}
	if model == nil {
		return nil
	}
	own := contentOf(*model, aws.ToString(model.Version))
	own.Role, own.Description = d.role, marked(own.Description)
	return &own
}

// later reports whether a was published after b.
func later(a, b types.FunctionConfiguration) bool {
	one, _ := strconv.Atoi(aws.ToString(a.Version)) // a version that stays has a number
	two, _ := strconv.Atoi(aws.ToString(b.Version))
	return one > two
}

// stays reports whether an alias runs a version that keeps a shared role.
func (d *departure) stays(a types.AliasConfiguration) bool {
	if slices.Contains(d.stay, aws.ToString(a.FunctionVersion)) {
		return true
	}
	return a.RoutingConfig != nil && slices.ContainsFunc(d.stay, func(number string) bool {
		_, is := a.RoutingConfig.AdditionalVersionWeights[number]
		return is
	})
}

// immovable says why an alias cannot be moved; "" when it can.
func (d *departure) immovable(a types.AliasConfiguration) string {
	number := aws.ToString(a.FunctionVersion)
	now, latest := numbered(d.versions, number), numbered(d.versions, lambda.Latest)
	switch {
	case a.RoutingConfig != nil && len(a.RoutingConfig.AdditionalVersionWeights) > 0:
		return "it shares its calls between two versions: finish that shift first"
	case now == nil || latest == nil:
		return fmt.Sprintf("the list of versions does not hold version %s and $LATEST", number)
	case d.alike(*now) != "":
		return ""
	}
	if names := unlike(*latest, *now); len(names) > 0 {
		return fmt.Sprintf("$LATEST is not like version %s (%s), and publishing it would ship that: deploy with the function's own role, or bring $LATEST back to what the alias runs", number, strings.Join(names, ", "))
	}
	return ""
}

// alike is the number of the last version that has the function's own role and is
// otherwise like another one; "" when there is none yet.
func (d *departure) alike(model types.FunctionConfiguration) string {
	var best types.FunctionConfiguration
	for _, v := range d.versions {
		if published(v) && strings.EqualFold(aws.ToString(v.Role), d.role) && len(unlike(v, model)) == 0 && (best.Version == nil || later(v, best)) {
			best = v
		}
	}
	return aws.ToString(best.Version)
}

// add finishes a step.
func (d *departure) add(s plan.Step, describe func(*plan.Step) error, before, after any) {
	var err error
	if s.Before, err = json.Marshal(before); err == nil {
		s.After, err = json.Marshal(after)
	}
	if err == nil {
		err = describe(&s)
	}
	if err != nil {
		d.refuse(s.Qualifier, err.Error())
		return
	}
	d.steps = append(d.steps, s)
}

// delete plans to delete the versions that nothing uses, as far as can be read.
func (d *departure) delete(ctx context.Context, t target) {
	for _, number := range d.stay {
		v := numbered(d.versions, number)
		if v == nil || len(d.uses[number]) > 0 {
			continue
		}
		why := d.allowed(ctx, t, number)
		if d.unread != nil {
			why = "whether an event source mapping names it is not known: " + d.unread.Error()
		}
		if why != "" {
			d.refuse(number, why)
			continue
		}
		s := d.of
		s.Action, s.Qualifier, s.Group = VersionAction, number, d.fn.ARN+" version "+number
		s.Loses = []string{"whoever calls this version by its number: it is deleted for ever"}
		s.Warnings = []string{unseen}
		d.add(s, versions{}.Describe, contentOf(*v, ""), nil)
	}
}
