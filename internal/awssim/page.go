package awssim

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// pageOf cuts one page out of n items: those from first up to, without, end. The
// marker is "" for the first page; next is "" after the last. A fault of kind
// EndlessPage makes every page the first, under one marker.
func (c *call) pageOf(n int, marker string, size int) (first, end int, next string, err error) {
	endless := c.fault != nil && c.fault.Kind == EndlessPage
	if marker != "" && !endless {
		if first, err = position(marker); err != nil || first > n {
			return 0, 0, "", &failure{status: 400, code: c.badMarker(), message: "The marker is not valid."}
		}
	}
	end = min(n, first+size)
	switch {
	case endless:
		next = markerAt(end)
	case end < n:
		next = markerAt(end)
	}
	return first, end, next, nil
}

const markerPrefix = "sim:"

func markerAt(i int) string {
	return base64.StdEncoding.EncodeToString([]byte(markerPrefix + strconv.Itoa(i)))
}

func position(marker string) (int, error) {
	text, err := base64.StdEncoding.DecodeString(marker)
	if err != nil {
		return 0, err
	}
	i, err := strconv.ParseUint(strings.TrimPrefix(string(text), markerPrefix), 10, 31)
	return int(i), err
}

func (c *call) badMarker() string {
	switch c.service {
	case "lambda":
		return "InvalidParameterValueException"
	case "organizations":
		return "InvalidInputException"
	case "account":
		return "ValidationException"
	}
	return "InvalidInput"
}

// size is how many items a page may hold: what was asked for, within 1 and most.
func size(asked string, most int) (int, error) {
	if asked == "" {
		return most, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 || n > 10000 {
		return 0, &failure{status: 400, code: "InvalidParameterValueException", message: "1 validation error detected: Value '" + asked + "' at 'maxItems' failed to satisfy constraint"}
	}
	return min(n, most), nil
}

// lambdaPage cuts a page by Marker and MaxItems.
func (c *call) lambdaPage(n, most int) (first, end int, next string, err error) {
	most, err = size(c.query.Get("MaxItems"), most)
	if err != nil {
		return 0, 0, "", err
	}
	return c.pageOf(n, c.query.Get("Marker"), most)
}
