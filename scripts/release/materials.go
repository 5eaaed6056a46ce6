package main

import (
	"cmp"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// readModules returns what a built program is made of, the modules sorted by
// path. It comes from the program itself: what the linker left out is not in it.
func readModules(program string) (*debug.BuildInfo, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, fmt.Errorf("reading what the program is made of: %w", err)
	}
	slices.SortFunc(info.Deps, func(a, b *debug.Module) int { return cmp.Compare(a.Path, b.Path) })
	return info, nil
}

// component and document are the part of CycloneDX 1.6 that we write.
// Source: CycloneDX JSON reference, version 1.6.
type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type document struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Serial       string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

func writeBill(info *debug.BuildInfo, version string, p platform, when time.Time) ([]byte, error) {
	own := golang("application", info.Main.Path, version)
	own.Properties = []property{{"go:os", p.os}, {"go:arch", p.arch}}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			own.Properties = append(own.Properties, property{"go:" + s.Key, s.Value})
		}
	}
	parts := []component{golang("library", "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, m := range info.Deps {
		c := golang("library", m.Path, m.Version)
		c.Properties = []property{{"go:sum", m.Sum}}
		parts = append(parts, c)
	}
	needs := dependency{Ref: own.Ref}
	for _, c := range parts {
		needs.On = append(needs.On, c.Ref)
	}
	d := document{
		Format: "CycloneDX", Spec: "1.6", Version: 1, Components: parts, Dependencies: []dependency{needs},
		Metadata: metadata{when.Format(time.RFC3339), own},
	}
	return finish(d)
}

func golang(kind, path, version string) component {
	purl := "pkg:golang/" + path + "@" + version
	return component{Type: kind, Ref: purl, Name: path, Version: version, PURL: purl}
}

// finish gives the document a serial number made from its content, a UUID of
// version 8, so that the same program has the same bill.
func finish(d document) ([]byte, error) {
	plain, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("writing the bill of materials: %w", err)
	}
	u := sha256.Sum256(plain)
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	d.Serial = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
	text, err := json.MarshalIndent(d, "", "  ")
	return append(text, '\n'), err
}
