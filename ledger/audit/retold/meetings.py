"""How the commands of the engine `meetings` are told again from their facts."""

from __future__ import annotations

from ledger.audit.story import Leads, Special
from ledger.meetings import commands as ask_meeting
from ledger.meetings import facts as meeting
from ledger.projects import commands as ask_project
from ledger.projects import facts as project

LEADS: Leads = (
    (ask_meeting.RegisterHousehold, meeting.HouseholdRegistered),
    (ask_meeting.JoinHousehold, meeting.HouseholdJoined),
    (ask_meeting.LeaveHousehold, meeting.HouseholdLeft),
    (ask_meeting.EndHousehold, meeting.HouseholdEnded),
    (ask_meeting.RecordMeeting, meeting.MeetingHeld),
    (ask_meeting.CorrectMeeting, meeting.MeetingCountsCorrected),
    (ask_meeting.RaiseRequest, meeting.RequestRaised),
    (ask_meeting.OpenVote, meeting.VoteOpened),
    (ask_meeting.CastVote, meeting.VoteCast),
    (ask_meeting.CloseVote, meeting.VoteClosed),
    (ask_project.PlanProject, project.ProjectPlanned),
    (ask_project.AddMeasure, project.MeasureAdded),
    (ask_project.ReportMeasure, project.MeasureReported),
    (ask_project.AcceptMeasure, project.MeasureAccepted),
    (ask_project.ReturnMeasure, project.MeasureReturned),
    (ask_project.MarkMeasureOverdue, project.MeasureOverdue),
    (ask_project.HandOverMeasure, project.MeasureHandedOver),
    (ask_project.RecordProjectSession, project.ProjectSessionHeld),
    (ask_project.VoidProjectSession, project.ProjectSessionVoided),
    (ask_project.CompleteProject, project.ProjectCompleted),
    (ask_project.AppraiseProject, project.ProjectAppraised),
    (ask_project.ConcludeProject, project.ProjectConcluded),
    (ask_project.AbandonProject, project.ProjectAbandoned),
)

SPECIAL: Special = {}
