"""The task of Windows, held against the schema of its documentation. No Windows has run it."""

from __future__ import annotations

from datetime import time

import pytest
from lxml import etree

from dashboard.commands.autostart import WRITTEN_BY, AutostartJob
from dashboard.commands.autostart_windows import TaskScheduler

SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# What a task may hold here, with order and types, from Microsoft's reference of the schema: taskType, triggerBaseType,
# logonTriggerType, calendarTriggerType, principalType, settingsType, execActionType.
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
 xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"
 targetNamespace="http://schemas.microsoft.com/windows/2004/02/mit/task">
 <xs:element name="Task" type="taskType"/>
 <xs:complexType name="taskType"><xs:all>
   <xs:element name="RegistrationInfo" minOccurs="0"><xs:complexType><xs:all>
     <xs:element name="Description" type="xs:string" minOccurs="0"/></xs:all></xs:complexType></xs:element>
   <xs:element name="Triggers" minOccurs="0"><xs:complexType><xs:choice minOccurs="0" maxOccurs="48">
     <xs:element name="LogonTrigger" type="logonTriggerType"/>
     <xs:element name="CalendarTrigger" type="calendarTriggerType"/></xs:choice></xs:complexType></xs:element>
   <xs:element name="Settings" type="settingsType" minOccurs="0"/>
   <xs:element name="Principals" minOccurs="0"><xs:complexType><xs:sequence>
     <xs:element name="Principal" type="principalType"/></xs:sequence></xs:complexType></xs:element>
   <xs:element name="Actions"><xs:complexType><xs:choice maxOccurs="32">
     <xs:element name="Exec" type="execActionType"/></xs:choice>
     <xs:attribute name="Context" type="xs:string"/></xs:complexType></xs:element></xs:all>
   <xs:attribute name="version"><xs:simpleType><xs:restriction base="xs:string">
     <xs:pattern value="\\d+(\\.\\d+){1,3}"/></xs:restriction></xs:simpleType></xs:attribute></xs:complexType>
 <xs:complexType name="triggerBaseType" abstract="true"><xs:sequence>
   <xs:element name="Enabled" type="xs:boolean" minOccurs="0"/>
   <xs:element name="StartBoundary" type="xs:dateTime" minOccurs="0"/>
   <xs:element name="EndBoundary" type="xs:dateTime" minOccurs="0"/></xs:sequence></xs:complexType>
 <xs:complexType name="logonTriggerType"><xs:complexContent><xs:extension base="triggerBaseType"><xs:sequence>
   <xs:element name="UserId" type="nonEmpty" minOccurs="0"/>
   <xs:element name="Delay" type="xs:duration" minOccurs="0"/></xs:sequence></xs:extension></xs:complexContent>
 </xs:complexType>
 <xs:complexType name="calendarTriggerType"><xs:complexContent><xs:extension base="triggerBaseType"><xs:sequence>
   <xs:element name="RandomDelay" type="xs:duration" minOccurs="0"/>
   <xs:element name="ScheduleByDay"><xs:complexType><xs:sequence>
     <xs:element name="DaysInterval" minOccurs="0"><xs:simpleType><xs:restriction base="xs:unsignedInt">
       <xs:minInclusive value="1"/><xs:maxInclusive value="365"/></xs:restriction></xs:simpleType></xs:element>
   </xs:sequence></xs:complexType></xs:element></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
 <xs:complexType name="principalType"><xs:all>
   <xs:element name="UserId" type="nonEmpty" minOccurs="0"/>
   <xs:element name="LogonType" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
     <xs:enumeration value="S4U"/><xs:enumeration value="Password"/><xs:enumeration value="InteractiveToken"/>
     <xs:enumeration value="InteractiveTokenOrPassword"/></xs:restriction></xs:simpleType></xs:element>
   <xs:element name="RunLevel" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
     <xs:enumeration value="LeastPrivilege"/><xs:enumeration value="HighestAvailable"/></xs:restriction>
   </xs:simpleType></xs:element></xs:all><xs:attribute name="id" type="xs:ID"/></xs:complexType>
 <xs:complexType name="settingsType"><xs:all>
   <xs:element name="AllowStartOnDemand" type="xs:boolean" minOccurs="0"/>
   <xs:element name="RestartOnFailure" minOccurs="0"/>
   <xs:element name="MultipleInstancesPolicy" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
     <xs:enumeration value="Parallel"/><xs:enumeration value="Queue"/><xs:enumeration value="IgnoreNew"/>
     <xs:enumeration value="StopExisting"/></xs:restriction></xs:simpleType></xs:element>
   <xs:element name="DisallowStartIfOnBatteries" type="xs:boolean" minOccurs="0"/>
   <xs:element name="StopIfGoingOnBatteries" type="xs:boolean" minOccurs="0"/>
   <xs:element name="StartWhenAvailable" type="xs:boolean" minOccurs="0"/>
   <xs:element name="Enabled" type="xs:boolean" minOccurs="0"/>
   <xs:element name="Hidden" type="xs:boolean" minOccurs="0"/>
   <xs:element name="ExecutionTimeLimit" type="xs:duration" minOccurs="0"/></xs:all></xs:complexType>
 <xs:complexType name="execActionType"><xs:all>
   <xs:element name="Command" type="nonEmpty"/>
   <xs:element name="Arguments" type="xs:string" minOccurs="0"/>
   <xs:element name="WorkingDirectory" type="xs:string" minOccurs="0"/></xs:all></xs:complexType>
 <xs:simpleType name="nonEmpty"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction>
 </xs:simpleType>
</xs:schema>"""
PROGRAM = (
    "C:\\Py & Co\\python.exe",
    "-m",
    "dashboard.cli",
    "serve",
    "--home",
    'C:\\Users\\A "B" <C>\\Heelwise data\\',
)


@pytest.fixture(autouse=True)
def person(monkeypatch, tmp_path):
    monkeypatch.setenv("LOGNAME", "Robin & Co")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def parsed(job: AutostartJob):
    (content,) = TaskScheduler().files(job).values()
    return etree.fromstring(content)


@pytest.mark.parametrize("at", [None, time(7, 5)])
def test_the_task_is_as_its_schema_has_it(at):
    schema = etree.XMLSchema(etree.fromstring(SCHEMA))
    task = parsed(AutostartJob("heelwise", "Heelwise <dashboard>", PROGRAM, at))
    assert schema.validate(task), schema.error_log
    start = task.findtext(f".//{SPACE}StartBoundary")
    assert start == (None if at is None else "2026-01-01T07:05:00")
    assert (task.find(f".//{SPACE}LogonTrigger") is None) == (at is not None)


def test_the_schema_refuses_what_is_no_task():
    schema = etree.XMLSchema(etree.fromstring(SCHEMA))
    task = parsed(AutostartJob("heelwise", "Heelwise", PROGRAM))
    task.find(f".//{SPACE}RunLevel").text = "Whatever"
    assert not schema.validate(task)


def test_program_and_words_come_out_as_they_went_in():
    task = parsed(AutostartJob("heelwise", "Heelwise", PROGRAM))
    assert task.findtext(f".//{SPACE}Command") == PROGRAM[0]
    # Backslashes before a quote are doubled, the quote itself has one before it: the rules of Windows' own parser.
    assert task.findtext(f".//{SPACE}Arguments") == (
        '-m dashboard.cli serve --home "C:\\Users\\A \\"B\\" <C>\\Heelwise data\\\\"'
    )
    assert task.findtext(f".//{SPACE}Principal/{SPACE}UserId") == "Robin & Co"


def test_it_is_utf_16_with_the_mark_that_it_is_ours():
    (content,) = TaskScheduler().files(AutostartJob("heelwise", "Heelwise", PROGRAM)).values()
    assert content[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert WRITTEN_BY in content.decode("utf-16")
