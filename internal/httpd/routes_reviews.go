package httpd

import (
	"net/http"

	"ketnap/internal/access"
)

// achievementRoutes are study results, titles, and what organisations ask of candidates.
func (s *site) achievementRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/people/{id}/achievements", Action: access.PeopleRead, Handler: s.showAchievements},
		{Method: http.MethodGet, Pattern: "/people/{id}/achievements/result", Action: access.AchievementsEdit, Handler: s.showResultForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/achievements/result", Action: access.AchievementsEdit, Handler: s.saveResult},
		{Method: http.MethodGet, Pattern: "/people/{id}/achievements/title", Action: access.AchievementsEdit, Handler: s.showTitleForm},
		{Method: http.MethodPost, Pattern: "/people/{id}/achievements/title", Action: access.AchievementsEdit, Handler: s.saveTitle},
		{Method: http.MethodGet, Pattern: "/cells/{id}/achievements", Action: access.AchievementsEdit, Handler: s.showGrid},
		{Method: http.MethodPost, Pattern: "/cells/{id}/achievements", Action: access.AchievementsEdit, Handler: s.saveGrid},
		{Method: http.MethodGet, Pattern: "/organisations/{id}/criteria", Action: access.OrganisationsRead, Handler: s.showCriteria},
		{Method: http.MethodPost, Pattern: "/organisations/{id}/criteria", Action: access.CriteriaEdit, Handler: s.setCriteria},
	}
}
