package ui

import (
	"strconv"
)

// Sizes of a column chart, in units of its view box.
const (
	columnWidth  = 34
	columnGap    = 14
	columnTop    = 28  // room for the value above the tallest column
	columnBase   = 180 // where the columns stand
	columnBottom = 28  // room for the labels below
)

// column is the drawing of one bar, in attribute texts.
type column struct{ x, y, height, middle, textY string }

func columns(bars []Bar) []column {
	most := largest(bars)
	list := make([]column, len(bars))
	for i, b := range bars {
		x := i*(columnWidth+columnGap) + columnGap/2
		height := 0
		if most > 0 {
			height = max(b.Value, 0) * (columnBase - columnTop) / most
		}
		list[i] = column{
			x:      strconv.Itoa(x),
			y:      strconv.Itoa(columnBase - height),
			height: strconv.Itoa(height),
			middle: strconv.Itoa(x + columnWidth/2),
			textY:  strconv.Itoa(columnBase - height - 6),
		}
	}
	return list
}

func columnsWidth(bars []Bar) int { return len(bars) * (columnWidth + columnGap) }

func columnsBox(bars []Bar) string {
	return "0 0 " + strconv.Itoa(columnsWidth(bars)) + " " + strconv.Itoa(columnBase+columnBottom)
}

func largest(bars []Bar) int {
	most := 0
	for _, b := range bars {
		most = max(most, b.Value)
	}
	return most
}

// share is value in hundredths of most, as an attribute text.
func share(value, most int) string {
	if most <= 0 || value <= 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(value)*100/float64(most), 'f', 2, 64)
}
